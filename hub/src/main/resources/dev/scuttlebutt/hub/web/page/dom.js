// A few words for making elements.

/** Makes an element: properties that begin with "on" are listeners, `class` and those with a hyphen are attributes. */
export function h (tag, properties = {}, ...children) {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null) continue
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value)
    else if (name === 'class' || name.includes('-')) element.setAttribute(name, value)
    else element[name] = value
  }
  element.append(...children.filter(child => child !== null))
  return element
}

/** Sets a value while somebody may be typing in it: only when it differs. */
export function setValue (input, value) {
  if (input.value !== value) input.value = value
}

/**
 * Makes the children of a list equal to items: elements are kept, by key, so that the focus and what is being typed stay.
 * `make(item)` makes an element with a method `show(item)`.
 */
export function keep (list, items, keyOf, make) {
  const known = new Map([...list.children].map(child => [child.dataset.key, child]))
  let next = list.firstChild
  for (const item of items) {
    const key = keyOf(item)
    let child = known.get(key)
    known.delete(key)
    if (!child) {
      child = make(item)
      child.dataset.key = key
    }
    if (child === next) next = next.nextSibling
    else list.insertBefore(child, next)
    child.show(item)
  }
  known.forEach(child => child.remove())
}

const colours = ['#1f6f6b', '#8a4b2a', '#4a5a9a', '#7a3f74', '#4f7a32', '#a03c4a', '#2f6d95', '#80691d']

/** A colour that a text always gets. */
export function colourOf (text) {
  let sum = 0x811c9dc5
  for (const char of String(text)) sum = Math.imul(sum ^ char.codePointAt(0), 0x01000193) >>> 0
  return colours[((sum ^ (sum >>> 12)) >>> 0) % colours.length]
}

export function clockTime (millis) {
  return new Date(millis).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', second: '2-digit' })
}

export function bytesText (bytes) {
  return bytes < 1024 ? `${bytes} B` : bytes < 1048576 ? `${(bytes / 1024).toFixed(1)} kB` : `${(bytes / 1048576).toFixed(1)} MB`
}

export function short (id) {
  return id && id.length > 12 ? id.slice(0, 8) + '…' : id ?? 'not yet known'
}
