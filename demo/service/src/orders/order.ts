export interface OrderRequest {
  readonly customer: string;
  readonly lines: readonly { readonly sku: string; readonly quantity: number }[];
}

export interface OrderLine {
  readonly sku: string;
  readonly name: string;
  readonly quantity: number;
  readonly cents: number;
}

export interface Order {
  readonly id: number;
  readonly customer: string;
  readonly lines: readonly OrderLine[];
  readonly totalCents: number;
  readonly placedAt: string;
}
