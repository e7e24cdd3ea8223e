/**
 * Keeps the first `limit` of all items added, in the order of a server: items that compare equal come out as its heap
 * leaves them, not as they were added. The heap follows the usual C++ library step by step for that.
 */
export class TopSorter<T> {
  private readonly heap: T[] = [];

  constructor(
    private readonly limit: number,
    private readonly compare: (a: T, b: T) => number,
  ) {}

  add(item: T): void {
    const { heap, limit } = this;
    if (heap.length < limit) {
      heap.push(item);
      if (heap.length === limit) this.heapify();
      return;
    }
    if (limit === 0 || this.compare(item, heap[0]) >= 0) return;
    this.popTo(heap.length - 1);
    this.siftUp(heap.length - 1, 0, item);
  }

  /** The kept items in order. Nothing may be added afterwards. */
  sorted(): T[] {
    if (this.heap.length < this.limit) return this.heap.sort(this.compare);
    for (let end = this.heap.length - 1; end > 0; end--) this.popTo(end);
    return this.heap;
  }

  private heapify(): void {
    const { heap } = this;
    for (let parent = Math.floor((heap.length - 2) / 2); parent >= 0; parent--)
      this.sink(parent, heap.length, heap[parent]);
  }

  /** Moves the greatest item of the first `end + 1` to the place `end`. */
  private popTo(end: number): void {
    const item = this.heap[end];
    this.heap[end] = this.heap[0];
    this.sink(0, end, item);
  }

  private sink(hole: number, length: number, item: T): void {
    const { heap } = this;
    const top = hole;
    let child = hole;
    while (child < Math.floor((length - 1) / 2)) {
      child = 2 * (child + 1);
      if (this.compare(heap[child], heap[child - 1]) < 0) child--;
      heap[hole] = heap[child];
      hole = child;
    }
    if (length % 2 === 0 && child === (length - 2) / 2) {
      child = 2 * (child + 1);
      heap[hole] = heap[child - 1];
      hole = child - 1;
    }
    this.siftUp(hole, top, item);
  }

  private siftUp(hole: number, top: number, item: T): void {
    const { heap } = this;
    let parent = Math.floor((hole - 1) / 2);
    while (hole > top && this.compare(heap[parent], item) < 0) {
      heap[hole] = heap[parent];
      hole = parent;
      parent = Math.floor((hole - 1) / 2);
    }
    heap[hole] = item;
  }
}
