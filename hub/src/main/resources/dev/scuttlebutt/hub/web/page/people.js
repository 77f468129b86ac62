import { h, colourOf } from './dom.js'

const SHOWN = 6

/** Shows who is at a document. */
export function showPeople (list, people) {
  const shown = people.slice(0, SHOWN).map(person => {
    const name = String(person.name ?? 'somebody')
    const item = h('li', { title: person.me ? `${name} (you)` : name }, initials(name))
    item.setAttribute('aria-label', item.title)
    item.style.background = colourOf(name)
    return item
  })
  if (people.length > SHOWN) {
    const rest = h('li', { title: people.slice(SHOWN).map(person => person.name).join(', ') }, `+${people.length - SHOWN}`)
    rest.style.background = 'var(--soft)'
    shown.push(rest)
  }
  list.replaceChildren(...shown)
}

function initials (name) {
  const words = name.trim().split(/\s+/)
  const letters = [words[0], words.length > 1 ? words.at(-1) : ''].map(word => [...word][0] ?? '')
  return letters.join('').toUpperCase() || '?'
}

const names = ['Ada', 'Bela', 'Cleo', 'Dan', 'Edda', 'Finn', 'Gita', 'Hugo', 'Ines', 'Jon', 'Kai', 'Lena']

export function randomName () {
  return names[Math.floor(Math.random() * names.length)]
}
