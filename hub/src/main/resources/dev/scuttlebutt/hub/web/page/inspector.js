import { h, bytesText, clockTime, short } from './dom.js'

const LOGGED = 5000
const SHOWN = 200

/** Looks into a document: who is connected, what has been seen, every update with its time, how large it all is. */
export class Inspector {
  #root
  #link
  #name
  #headers
  #log
  #off
  #timer
  #slider = h('input', { type: 'range', min: 0, 'aria-label': 'Time', oninput: () => { this.#atEnd = +this.#slider.value === this.#log.length; this.#showLog() } })
  #atEnd = true
  #frame = 0
  #parts = {
    facts: h('dl', { class: 'facts' }),
    peers: h('ul', { class: 'peers' }),
    clock: h('dl', { class: 'facts mono' }),
    when: h('p', { class: 'label' }),
    log: h('ol', { class: 'log mono', tabIndex: 0, 'aria-label': 'Updates' }),
    past: h('pre', { class: 'past mono' })
  }

  constructor (root, link, name, headers) {
    this.#headers = headers
    this.#root = root
    this.#link = link
    this.#name = name
    this.#log = link.replica.history()
    this.#off = [
      link.replica.on('update', update => {
        if (this.#log.length < LOGGED) this.#log.push(update)
        this.#later()
      }),
      link.on('state', () => this.#later())
    ]
  }

  open () {
    const { facts, peers, clock, when, log, past } = this.#parts
    this.#root.replaceChildren(
      section('Here', facts), section('Connected to the hub', peers), section('Clock', clock),
      section('Updates', this.#slider, when, log, past))
    this.#root.hidden = false
    this.#show()
    this.#askHub()
    this.#timer = setInterval(() => this.#askHub(), 2000)
  }

  close () {
    clearInterval(this.#timer)
    this.#root.hidden = true
    this.#root.replaceChildren()
  }

  end () {
    this.close()
    this.#off.forEach(off => off())
  }

  #later () {
    if (this.#root.hidden) return
    this.#frame ||= requestAnimationFrame(() => { this.#frame = 0; this.#show() })
  }

  #show () {
    const { replica, session, connections, state } = this.#link
    const bytes = replica.history().reduce((sum, update) => sum + JSON.stringify(update).length + 1, 0)
    facts(this.#parts.facts, {
      id: short(replica.id),
      state,
      connections,
      'sent, received': `${session?.sent ?? 0}, ${session?.received ?? 0}`,
      'updates kept': `${replica.size} · ${bytesText(bytes)}`
    })
    facts(this.#parts.clock, Object.fromEntries(Object.entries(replica.clock())
      .sort((a, b) => b[1] - a[1]).slice(0, 12).map(([source, time]) => [short(source), clockTime(time)])))
    this.#slider.max = this.#log.length
    if (this.#atEnd) this.#slider.value = this.#log.length
    this.#showLog()
  }

  #showLog () {
    const at = +this.#slider.value
    const { when, log, past } = this.#parts
    when.textContent = at === this.#log.length
      ? `all ${this.#log.length} updates`
      : at === 0 ? 'before the first update' : `after update ${at} of ${this.#log.length}, ${clockTime(this.#log[at - 1][1])}`
    const from = Math.max(0, Math.min(at - SHOWN / 2, this.#log.length - SHOWN))
    log.replaceChildren(...this.#log.slice(from, from + SHOWN).map((update, index) => {
      const item = h('li', { title: JSON.stringify(update) },
        h('time', {}, clockTime(update[1])), h('span', {}, JSON.stringify(update[0])))
      if (from + index >= at) item.classList.add('later')
      return item
    }))
    // Inside the list only: the page itself must not move under the reader.
    const current = log.children[Math.max(0, at - from - 1)]
    if (current) log.scrollTop = current.offsetTop - log.offsetTop - log.clientHeight + current.offsetHeight
    past.hidden = at === this.#log.length
    if (!past.hidden) past.textContent = this.#stateAfter(at)
  }

  /** Builds the document once more from the first updates. What had been superseded before the page came is not there. */
  #stateAfter (count) {
    const replica = new this.#link.replica.constructor()
    this.#log.slice(0, count).forEach(update => replica.apply(update))
    return replica.text ? replica.text() : JSON.stringify(replica.toJSON(), null, 2)
  }

  async #askHub () {
    const path = this.#name.split('/').map(encodeURIComponent).join('/')
    try {
      const answer = await fetch(`/api/documents/${path}?state=false`, { headers: this.#headers })
      if (!answer.ok) throw new Error(`the hub says ${answer.status}`)
      const { peers, updates, bytes } = await answer.json()
      this.#parts.peers.replaceChildren(
        ...peers.map(peer => h('li', {},
          h('span', {}, short(peer.id), peer.id === this.#link.replica.id ? ' (this page)' : ''),
          h('span', { class: peer.behind > 0 ? 'lag late' : 'lag' }, peer.behind > 0 ? `${peer.behind} behind` : peer.state),
          h('small', {}, `${peer.transport} · ${peer.rights} · sent ${peer.sent} · received ${peer.received}`))),
        h('li', {}, h('small', {}, `the hub keeps ${updates} updates, ${bytesText(bytes)}`)))
    } catch (failure) {
      this.#parts.peers.replaceChildren(h('li', {}, h('small', {}, `not known: ${failure.message}`)))
    }
  }
}

function section (title, ...children) {
  return h('section', {}, h('h2', {}, title), ...children)
}

function facts (list, entries) {
  list.replaceChildren(...Object.entries(entries).flatMap(([term, value]) => [h('dt', {}, term), h('dd', {}, String(value))]))
}
