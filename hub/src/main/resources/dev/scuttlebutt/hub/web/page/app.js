import { connect, types } from '../client/index.js'
import { h, keep } from './dom.js'
import { Inspector } from './inspector.js'
import { randomName, showPeople } from './people.js'
import * as text from './text.js'
import * as lines from './lines.js'
import * as list from './list.js'
import * as tasks from './tasks.js'
import * as values from './values.js'
import * as feed from './feed.js'

const views = new Map([
  ['string', { kind: 'Text', view: text }],
  ['edit', { kind: 'Lines', view: lines }],
  ['array', { kind: 'List', view: list }],
  ['doc', { kind: 'Tasks', view: tasks }],
  ['model', { kind: 'Values', view: values }],
  ['events', { kind: 'Feed', view: feed }]
])
const words = {
  connecting: 'connecting',
  syncing: 'catching up',
  live: 'live',
  offline: 'offline, changes are kept',
  refused: 'refused'
}

const $ = id => document.getElementById(id)
const token = new URLSearchParams(location.search).get('token')
const headers = token ? { authorization: `Bearer ${token}` } : {}
const hub = connect(location.href, { token, storage: usableStorage() })
let open = null
let inspecting = false

// For those who open the console: scuttlebutt.replica is the document that is shown.
globalThis.scuttlebutt = { hub, get link () { return open?.link }, get replica () { return open?.link.replica } }

// Who I am

const nameInput = $('name')
nameInput.value = remembered('name') ?? randomName()
nameInput.addEventListener('input', () => {
  remember('name', nameInput.value)
  open?.presence.set({ name: nameInput.value })
})

/** Storage may be forbidden: then there is one that keeps nothing and says so. */
function usableStorage () {
  try {
    localStorage.getItem('scuttlebutt')
    return localStorage
  } catch ({ message }) {
    const refuse = () => { throw new Error(message) }
    return { length: 0, key: () => null, getItem: () => null, setItem: refuse, removeItem: () => {} }
  }
}

function remembered (key) {
  try {
    return localStorage.getItem(`scuttlebutt.${key}`)
  } catch {
    return null
  }
}

function remember (key, value) {
  try {
    localStorage.setItem(`scuttlebutt.${key}`, value)
  } catch {
    // Storage may be forbidden; then it is forgotten with the page.
  }
}

// Documents

async function listDocuments () {
  try {
    const answer = await fetch('/api/documents', { headers })
    if (answer.ok) showList(await answer.json())
  } catch {
    // Offline: the list stays as it is.
  }
}

function showList (documents) {
  const known = documents.filter(({ type }) => views.has(type))
  keep($('documents'), known, ({ name }) => name, ({ name, type }) => {
    const peers = h('small')
    const link = h('a', { href: '#' + encodeURI(name) }, h('b', {}, titleOf(name)), peers)
    const item = h('li', {}, link)
    item.show = ({ peers: count }) => {
      peers.textContent = count > 0 ? `${views.get(type).kind} · ${count}` : views.get(type).kind
      if (open?.name === name) link.setAttribute('aria-current', 'page')
      else link.removeAttribute('aria-current')
    }
    return item
  })
  if (!open && known.length > 0 && location.hash === '') location.replace('#' + encodeURI(known.at(-1).name))
}

function titleOf (name) {
  const last = name.slice(name.indexOf('/') + 1)
  return last.charAt(0).toUpperCase() + last.slice(1)
}

function show (name) {
  if (open?.name === name) return
  open?.end()
  open = null
  const type = name.split('/')[0]
  $('view').replaceChildren()
  $('title').textContent = titleOf(name)
  document.title = `${titleOf(name)} · Scuttlebutt`
  if (!views.has(type) || !types.has(type)) {
    $('kind').textContent = ''
    $('view').append(h('p', { class: 'sheet empty' }, 'This page has no view of such documents.'))
    return
  }
  $('kind').textContent = views.get(type).kind
  const link = take(name)
  const presence = hub.presence(name)
  presence.set({ name: nameInput.value })
  const view = views.get(type).view.mount($('view'), link, () => nameInput.value || 'somebody')
  const inspector = new Inspector($('inspector'), link, name, headers)
  const showState = () => {
    const state = $('state')
    state.dataset.state = link.state
    state.lastChild.textContent = link.state === 'offline' && link.unkept !== null ? 'offline' : words[link.state]
    $('notice').hidden = link.state !== 'refused' && link.rights !== 'read'
    $('notice').textContent = link.state === 'refused' ? link.reason : 'You may read this document and not change it.'
    view.writable(link.rights !== 'read' && link.state !== 'refused')
  }
  const offs = [link.on('state', showState), link.on('kept', () => { showStorage(); showState() })]
  presence.on('change', () => showPeople($('people'), presence.people()))
  showState()
  showPeople($('people'), presence.people())
  open = {
    name,
    link,
    presence,
    inspector,
    end () {
      view.unmount()
      inspector.end()
      presence.close()
      offs.forEach(off => off())
      letGo(name, link)
    }
  }
  showStorage()
  if (inspecting) inspector.open()
  listDocuments()
}

// What the browser does not keep

// Documents that are not shown any more, with changes that are nowhere but here: until the hub has them.
const held = new Map()

function take (name) {
  const link = held.get(name) ?? hub.open(name)
  held.delete(name)
  return link
}

function letGo (name, link) {
  if (link.unkept === null || link.unsaved === 0) {
    link.close()
    return
  }
  held.set(name, link)
  const off = link.on('kept', () => {
    if (held.get(name) !== link) {
      off()
    } else if (link.unsaved === 0) {
      off()
      held.delete(name)
      link.close()
    }
    showStorage()
  })
}

function unkeptLinks () {
  return [...held.values(), ...(open ? [open.link] : [])].filter(link => link.unkept !== null)
}

function showStorage () {
  const links = unkeptLinks()
  const count = links.reduce((sum, link) => sum + link.unsaved, 0)
  const notice = $('storage')
  notice.hidden = links.length === 0
  if (notice.hidden) return
  const what = count === 0
    ? 'What you change while offline is lost when this page is closed.'
    : `${count === 1 ? 'One change is' : `${count} changes are`} in this page only: leave it open until the hub has ${count === 1 ? 'it' : 'them'}.`
  const said = `This browser keeps nothing, ${links[0].unkept}. ${what}`
  // Said once, also to those who listen.
  if (notice.textContent !== said) notice.textContent = said
}

addEventListener('beforeunload', event => {
  if (unkeptLinks().some(link => link.unsaved > 0)) event.preventDefault()
})

function route () {
  const name = decodeURI(location.hash.slice(1))
  if (name !== '' && name !== 'document') show(name)
}
addEventListener('hashchange', route)

// New documents

$('new-type').append(...[...views].map(([type, { kind }]) => h('option', { value: type }, kind)))
$('new').addEventListener('submit', event => {
  event.preventDefault()
  const name = $('new-name').value.trim().replace(/\s+/g, '-').replace(/^[/.]+|[/]+$/g, '')
  if (name === '') return
  $('new-name').value = ''
  event.target.closest('details').open = false
  location.hash = encodeURI(`${$('new-type').value}/${name}`)
})

// Network and inspector

$('network').addEventListener('click', () => {
  if (hub.online) hub.goOffline()
  else hub.goOnline()
  $('network').setAttribute('aria-pressed', String(!hub.online))
  $('network').textContent = hub.online ? 'Work offline' : 'Go online'
})

$('inspect').addEventListener('click', () => {
  inspecting = !inspecting
  $('inspect').setAttribute('aria-expanded', String(inspecting))
  document.querySelector('.frame').classList.toggle('inspecting', inspecting)
  if (inspecting) open?.inspector.open()
  else open?.inspector.close()
})

route()
listDocuments()
setInterval(() => { if (hub.online && !document.hidden) listDocuments() }, 4000)
