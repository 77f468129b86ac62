import { h, keep, setValue, clockTime, short } from './dom.js'

/** The keys and values of a model. A value is JSON; what is not JSON is a text. */
export function mount (root, link) {
  const model = link.replica
  const rows = h('tbody')
  const empty = h('p', { class: 'empty' }, 'No values yet.')
  const key = h('input', { placeholder: 'key', 'aria-label': 'New key', required: true, maxLength: 200 })
  const value = h('input', { placeholder: 'value', 'aria-label': 'New value', class: 'mono' })
  const form = h('form', {
    class: 'add',
    onsubmit: event => {
      event.preventDefault()
      model.set(key.value, parse(value.value))
      key.value = value.value = ''
      key.focus()
    }
  }, key, value, h('button', { type: 'submit' }, 'Set'))
  root.append(h('div', { class: 'sheet' },
    h('table', { class: 'values' },
      h('thead', {}, h('tr', {}, ...['Key', 'Value', 'Written', ''].map(text =>
        h('th', { class: text === 'Written' ? 'label by' : 'label' }, text)))), rows),
    empty, form))

  function make ({ name }) {
    const input = h('input', {
      'aria-label': `Value of ${name}`,
      onchange: () => model.set(name, parse(input.value)),
      onkeydown: event => { if (event.key === 'Enter') input.blur() }
    })
    const by = h('td', { class: 'by' })
    const remove = h('button', { class: 'icon', type: 'button', title: 'Delete', 'aria-label': `Delete ${name}`, onclick: () => model.delete(name) }, '×')
    const row = h('tr', {}, h('td', {}, name), h('td', {}, input), by, h('td', {}, remove))
    row.show = ({ update }) => {
      if (document.activeElement !== input) setValue(input, print(update[0][1]))
      by.textContent = `${clockTime(update[1])} · ${short(update[2])}`
    }
    return row
  }

  function show () {
    const names = model.keys().sort()
    keep(rows, names.map(name => ({ name, update: model.winner(name) })), row => row.name, make)
    empty.hidden = names.length > 0
  }
  show()
  const off = model.on('change', show)
  return {
    writable: may => root.querySelectorAll('input, button').forEach(element => { element.disabled = !may }),
    unmount: off
  }
}

/** What somebody has typed as a value. */
export function parse (text) {
  try {
    return JSON.parse(text) ?? ''
  } catch {
    return text
  }
}

/** How a value is typed. */
export function print (value) {
  return typeof value === 'string' && parse(value) === value ? value : JSON.stringify(value)
}
