'use strict'
const { Doc } = require('crdt')
const { measureMemory } = require('./harness')

measureMemory(items => {
  const doc = new Doc('bench')
  for (let i = 0; i < items; i++) {
    doc.add({ id: 'row' + i, title: 'title ' + i, owner: 'user' + i % 100, n: i })
  }
  return doc
}, doc => doc.history().length)
