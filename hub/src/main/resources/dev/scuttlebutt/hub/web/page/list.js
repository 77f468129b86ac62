import { h, keep, setValue } from './dom.js'
import { parse, print } from './values.js'

/** The items of an array, in their order. An item is JSON; what is not JSON is a text. */
export function mount (root, link) {
  const array = link.replica
  const list = h('ol', { class: 'tasks items' })
  const empty = h('p', { class: 'empty' }, 'Nothing in the list.')
  const input = h('input', { placeholder: 'Something for the list', 'aria-label': 'New item', maxLength: 2000 })
  const form = h('form', {
    class: 'add',
    onsubmit: event => {
      event.preventDefault()
      if (input.value.trim() === '') return
      array.push(parse(input.value.trim()))
      input.value = ''
    }
  }, input, h('button', { type: 'submit' }, 'Add'))
  root.append(h('div', { class: 'sheet' }, list, empty, form),
    h('p', { class: 'hint' }, 'Alt with the up and down arrows moves an item, Enter goes to the next one.'))
  let may = true

  const indexOf = key => array.keys().indexOf(key)

  function move (key, step, part) {
    const from = indexOf(key)
    const to = from + step
    if (from < 0 || to < 0 || to >= array.length) return
    array.move(from, to)
    // It has another key now, and so another element.
    list.children[to]?.querySelector(part)?.focus()
  }

  function make ({ key }) {
    const words = h('input', {
      class: 'words',
      maxLength: 2000,
      onchange: () => { if (indexOf(key) >= 0) array.set(key, parse(words.value)) },
      onkeydown: event => {
        const step = { ArrowUp: -1, ArrowDown: 1 }[event.key]
        if (event.key === 'Enter') {
          const next = item.nextElementSibling?.querySelector('.words') ?? input
          next.focus()
        } else if (step && event.altKey && may) {
          event.preventDefault()
          words.blur()
          move(key, step, '.words')
        }
      }
    })
    const tool = (label, sign, name, action) => h('button', { class: `icon ${name}`, type: 'button', title: label, 'aria-label': label, onclick: action }, sign)
    const item = h('li', {}, words, h('span', { class: 'tools' },
      tool('Move up', '↑', 'up', () => move(key, -1, '.up')),
      tool('Move down', '↓', 'down', () => move(key, 1, '.down')),
      tool('Delete', '×', 'gone', () => array.unset(key))))
    item.show = ({ value, number }) => {
      words.setAttribute('aria-label', `Item ${number}`)
      if (document.activeElement !== words) setValue(words, print(value))
    }
    return item
  }

  function lock () {
    root.querySelectorAll('input, button').forEach(element => { element.disabled = !may })
  }

  function show () {
    keep(list, array.keys().map((key, i) => ({ key, value: array.at(i), number: i + 1 })), item => item.key, make)
    empty.hidden = array.length > 0
    if (!may) lock()
  }
  show()
  const off = array.on('change', show)
  return {
    writable: allowed => { may = allowed; lock() },
    unmount: off
  }
}
