import { h, keep, setValue } from './dom.js'

const LIST = ['list', 'tasks']

/** A list of things to do: the rows of a document, in a sequence that can be rearranged. */
export function mount (root, link) {
  const doc = link.replica
  const list = h('ul', { class: 'tasks' })
  const empty = h('p', { class: 'empty' }, 'Nothing to do.')
  const input = h('input', { placeholder: 'Something to do', 'aria-label': 'New task', maxLength: 500 })
  const form = h('form', {
    class: 'add',
    onsubmit: event => {
      event.preventDefault()
      if (input.value.trim() === '') return
      doc.push(...LIST, { text: input.value.trim(), done: false })
      input.value = ''
    }
  }, input, h('button', { type: 'submit' }, 'Add'))
  root.append(h('div', { class: 'sheet' }, list, empty, form),
    h('p', { class: 'hint' }, 'Alt with the up and down arrows moves a task.'))

  function move (id, step) {
    const ids = doc.sequence(...LIST).map(row => row.id)
    const at = ids.indexOf(id)
    const target = at + step
    if (target < 0 || target >= ids.length) return
    doc.moveAfter(...LIST, id, step > 0 ? ids[target] : ids[target - 1] ?? null)
  }

  function make ({ id }) {
    const box = h('input', { type: 'checkbox', 'aria-label': 'Done', onchange: () => doc.set(id, { done: box.checked }) })
    const words = h('input', {
      class: 'words',
      'aria-label': 'Task',
      maxLength: 500,
      oninput: () => doc.set(id, { text: words.value }),
      onkeydown: event => {
        const step = { ArrowUp: -1, ArrowDown: 1 }[event.key]
        if (!step || !event.altKey) return
        event.preventDefault()
        move(id, step)
        words.focus()
      }
    })
    const tool = (label, sign, action) => h('button', { class: 'icon', type: 'button', title: label, 'aria-label': label, onclick: action }, sign)
    const item = h('li', {}, box, words, h('span', { class: 'tools' },
      tool('Move up', '↑', () => move(id, -1)),
      tool('Move down', '↓', () => move(id, 1)),
      tool('Delete', '×', () => doc.rm(id))))
    item.show = row => {
      box.checked = row.done === true
      item.classList.toggle('done', row.done === true)
      setValue(words, String(row.text ?? ''))
    }
    return item
  }

  function show () {
    const rows = doc.sequence(...LIST)
    keep(list, rows, row => row.id, make)
    empty.hidden = rows.length > 0
  }
  show()
  const off = doc.on('change', show)
  return {
    writable: may => root.querySelectorAll('input, button').forEach(element => { element.disabled = !may }),
    unmount: off
  }
}
