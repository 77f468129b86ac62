import { RArray } from './text.js'
import { hunks } from './lines.js'

/**
 * A text of lines, each of which is changed as a whole. `r-edit` in the npm family.
 *
 * An item is a line with its line feed; the last one is what follows the last line feed, perhaps nothing. Places and lengths
 * in the text are counted in UTF-16 units, items as those of an RArray.
 */
export class REdit extends RArray {
  static type = 'edit'

  text () {
    return this.toJSON().join('')
  }

  toString () {
    return this.text()
  }

  /** Makes the text equal to this one, in one update. Lines that stay are not touched, those replaced keep their keys. */
  update (wanted) {
    this._replaceAll(hunks(this.toJSON().map(String), split(wanted)))
  }

  /** Puts a string in at a place. */
  insert (offset, string) {
    this.replace(offset, 0, string)
  }

  /** Takes units out. */
  delete (offset, count) {
    this.replace(offset, count, '')
  }

  /** Takes units out and puts a string in at their place: the lines it touches are written anew, in one update. */
  replace (offset, count, string) {
    const text = this.text()
    if (!(offset >= 0 && offset <= text.length)) throw new RangeError(`${offset} is outside of a text of length ${text.length}`)
    this.update(text.slice(0, offset) + string + text.slice(offset + Math.max(0, count)))
  }

  /** Replaces lines in their places: a line that replaces another keeps its key. */
  splice (index, count, ...lines) {
    const at = Math.max(0, Math.min(index, this.length))
    this._replaceAll([{ at, count: Math.max(0, Math.min(count, this.length - at)), values: lines }])
  }
}

/** The lines of a text, each with its line feed, and what follows the last one. */
function split (text) {
  return text.split('\n').map((line, i, all) => i < all.length - 1 ? line + '\n' : line)
}
