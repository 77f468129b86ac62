import { connect, types } from '../client/index.js'
import { h, keep } from './dom.js'
import { Inspector } from './inspector.js'
import { randomName, showPeople } from './people.js'
import * as text from './text.js'
import * as tasks from './tasks.js'
import * as values from './values.js'
import * as feed from './feed.js'

const views = new Map([
  ['string', { kind: 'Text', view: text }],
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

/** Storage may be forbidden: then nothing is remembered. */
function usableStorage () {
  try {
    return globalThis.localStorage
  } catch {
    return null
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

async function list () {
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
  const link = hub.open(name)
  const presence = hub.presence(name)
  presence.set({ name: nameInput.value })
  const view = views.get(type).view.mount($('view'), link, () => nameInput.value || 'somebody')
  const inspector = new Inspector($('inspector'), link, name, headers)
  const showState = () => {
    const state = $('state')
    state.dataset.state = link.state
    state.lastChild.textContent = words[link.state]
    $('notice').hidden = link.state !== 'refused' && link.rights !== 'read'
    $('notice').textContent = link.state === 'refused' ? link.reason : 'You may read this document and not change it.'
    view.writable(link.rights !== 'read' && link.state !== 'refused')
  }
  link.on('state', showState)
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
      link.close()
    }
  }
  if (inspecting) inspector.open()
  list()
}

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
list()
setInterval(() => { if (hub.online && !document.hidden) list() }, 4000)
