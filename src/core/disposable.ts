export interface Disposable {
  dispose(): void;
}

/** Collects disposables; one that is added after disposal is disposed at once, so late arrivals cannot leak. */
export class DisposableStore implements Disposable {
  private items: Set<Disposable> | undefined = new Set();

  add<T extends Disposable>(item: T): T {
    if (this.items) this.items.add(item);
    else item.dispose();
    return item;
  }

  get isDisposed(): boolean {
    return !this.items;
  }

  dispose(): void {
    const items = this.items;
    this.items = undefined;
    if (items) for (const item of [...items].reverse()) item.dispose();
  }
}
