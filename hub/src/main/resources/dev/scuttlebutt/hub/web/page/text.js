import { h, setValue } from './dom.js'

/** A text that several people write at once. The caret stays where its neighbours are. */
export function mount (root, link) {
  const text = link.replica
  const area = h('textarea', {
    class: 'sheet',
    'aria-label': 'Text',
    placeholder: 'Write here. Others see it as you type.',
    spellcheck: false,
    oninput: () => text.update(area.value)
  })
  root.append(area)

  function show () {
    const wanted = text.text()
    if (area.value === wanted) return
    // Where the caret was in what is shown is where it was before the change: find the same neighbours in the new text.
    const start = shift(area.value, wanted, area.selectionStart)
    const end = shift(area.value, wanted, area.selectionEnd)
    const top = area.scrollTop
    setValue(area, wanted)
    if (document.activeElement === area) area.setSelectionRange(start, end)
    area.scrollTop = top
  }
  show()
  const off = text.on('change', show)
  return {
    writable: may => { area.readOnly = !may },
    unmount: off
  }
}

/** Where a place in one text is in the other, when one stretch of it has been replaced. */
export function shift (before, after, place) {
  const shorter = Math.min(before.length, after.length)
  let start = 0
  while (start < shorter && before[start] === after[start]) start++
  let end = 0
  while (end < shorter - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end++
  if (place <= start) return place
  if (place >= before.length - end) return place + after.length - before.length
  return Math.min(place, after.length - end)
}
