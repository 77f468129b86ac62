'use strict'
const Y = require('yjs')
const { measureMemory } = require('./harness')

measureMemory(items => {
  const doc = new Y.Doc()
  const text = doc.getText('text')
  for (let i = 0; i < items; i++) text.insert(i, String.fromCharCode(97 + i % 26))
  return doc
}, doc => doc.getText('text').length)
