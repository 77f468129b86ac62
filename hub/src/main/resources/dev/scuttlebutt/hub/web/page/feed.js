import { h, clockTime, colourOf } from './dom.js'

const SHOWN = 300

/** Events as they happen. What people say is an event too: say, with { name, text }. */
export function mount (root, link, me) {
  const events = link.replica
  const list = h('ol', { 'aria-live': 'polite', tabIndex: 0, 'aria-label': 'Events' })
  const input = h('input', { placeholder: 'Say something', 'aria-label': 'Say something', maxLength: 1000 })
  const form = h('form', {
    class: 'add',
    onsubmit: event => {
      event.preventDefault()
      if (input.value.trim() === '') return
      events.say('say', { name: me(), text: input.value.trim() })
      input.value = ''
    }
  }, input, h('button', { type: 'submit' }, 'Say'))
  root.append(h('div', { class: 'sheet feed' }, list, form))

  function item ([change, timestamp]) {
    const [name, ...args] = change
    const said = name === 'say' && args[0] !== null && typeof args[0] === 'object' ? args[0] : null
    const who = said ? String(said.name ?? 'somebody') : name
    const heading = h('b', {}, who)
    if (said) heading.style.setProperty('--who', colourOf(who))
    return h('li', {}, heading,
      said ? h('span', {}, String(said.text ?? '')) : h('code', {}, args.map(arg => JSON.stringify(arg)).join(' ')),
      h('time', {}, clockTime(timestamp)))
  }

  let frame = 0
  function show () {
    frame = 0
    const latest = events.history().slice(-SHOWN)
    list.replaceChildren(...latest.map(item))
    if (latest.length === 0) list.append(h('li', { class: 'empty' }, 'Silence so far.'))
    list.scrollTop = list.scrollHeight
  }
  show()
  const off = events.on('change', () => { frame ||= requestAnimationFrame(show) })
  return {
    writable: may => form.querySelectorAll('input, button').forEach(element => { element.disabled = !may }),
    unmount: () => { off(); cancelAnimationFrame(frame) }
  }
}
