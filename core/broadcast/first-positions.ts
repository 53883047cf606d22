import type { Board } from "../board/board.ts";
import type { GroupView } from "../board/group-view.ts";

/** Where new subscriber groups begin. Filters with the same effect begin at the same place, so it is looked up once for all. */
export class FirstPositions {
  readonly #board: Board;
  #seq = -1;
  #byEffect = new Map<string, number>();

  constructor(board: Board) {
    this.#board = board;
  }

  /** The newest seq that a viewer with this filter can have seen. */
  positionFor(view: GroupView): number {
    if (this.#seq !== this.#board.seq) {
      this.#seq = this.#board.seq;
      this.#byEffect = new Map();
    }
    const effect = this.#board.effectKey(view);
    const position = this.#byEffect.get(effect) ?? this.#board.newestVisible(view);
    this.#byEffect.set(effect, position);
    return position;
  }
}
