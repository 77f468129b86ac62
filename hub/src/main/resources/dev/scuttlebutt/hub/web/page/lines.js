import { h, clockTime, setValue, short } from './dom.js'
import { shift } from './text.js'

/** A text of lines that several people write at once: each line is somebody's, the last who wrote it. */
export function mount (root, link) {
  const text = link.replica
  const numbers = h('pre', { class: 'numbers', 'aria-hidden': 'true' })
  const area = h('textarea', {
    'aria-label': 'Lines',
    placeholder: 'Write here, line by line. Others see it as you type.',
    spellcheck: false,
    wrap: 'off',
    oninput: () => text.update(area.value),
    onscroll: () => { numbers.scrollTop = area.scrollTop }
  })
  const where = h('p', { class: 'hint' })
  root.append(h('div', { class: 'sheet lines' }, numbers, area), where)
  let shown = []

  function show () {
    const lines = text.keys().map((key, i) => [key, String(text.at(i))])
    const wanted = lines.map(([, line]) => line).join('')
    if (area.value !== wanted) {
      const [start, end] = [area.selectionStart, area.selectionEnd].map(place => follow(shown, lines, place))
      const [top, left] = [area.scrollTop, area.scrollLeft]
      setValue(area, wanted)
      if (document.activeElement === area) area.setSelectionRange(start, end)
      area.scrollTop = top
      area.scrollLeft = left
    }
    shown = lines
    const count = wanted.split('\n').length
    numbers.textContent = Array.from({ length: count }, (_, i) => i + 1).join('\n') + '\n'
    numbers.scrollTop = area.scrollTop
    showWhere()
  }

  function showWhere () {
    const [line] = placeOf(shown, area.selectionStart)
    const update = line < shown.length ? text.winner(shown[line][0]) : undefined
    where.textContent = update
      ? `Line ${line + 1} of ${shown.length} · written ${clockTime(update[1])} · ${update[2] === text.id ? 'by this page' : short(update[2])}`
      : 'Each line is changed as a whole: who writes it last has it.'
  }

  const onSelection = () => { if (document.activeElement === area) showWhere() }
  document.addEventListener('selectionchange', onSelection)
  show()
  const off = text.on('change', show)
  return {
    writable: may => { area.readOnly = !may },
    unmount: () => { off(); document.removeEventListener('selectionchange', onSelection) }
  }
}

/** In which of the lines a place is, and where in it. */
function placeOf (lines, place) {
  let rest = place
  for (let i = 0; i < lines.length; i++) {
    const length = lines[i][1].length
    if (rest < length || i === lines.length - 1) return [i, Math.min(rest, length)]
    rest -= length
  }
  return [lines.length, 0]
}

/** Where a place is after a change, when lines are pairs of key and text: in the same line, however many came before it. */
export function follow (before, after, place) {
  const [line, column] = placeOf(before, place)
  const known = new Set(after.map(([key]) => key))
  let at = line
  while (at < before.length && !known.has(before[at][0])) at++
  let start = 0
  for (const [key, now] of after) {
    if (at < before.length && key === before[at][0]) return start + (at === line ? shift(before[at][1], now, column) : 0)
    start += now.length
  }
  return start
}
