'use strict'
const v8 = require('v8')
const vm = require('vm')
const Y = require('yjs')
const { report, trace, typed } = require('./harness')

const MB = 1 << 20

v8.setFlagsFromString('--expose-gc')
const gc = vm.runInNewContext('gc')

function memory () {
  for (let i = 0; i < 3; i++) gc()
  const used = process.memoryUsage()
  return (used.heapUsed + used.arrayBuffers) / MB
}

function received (updates) {
  const doc = new Y.Doc()
  for (const update of updates) Y.applyUpdate(doc, update)
  return doc
}

const { edits, check } = trace()
const updates = []
typed(Y, edits, update => updates.push(update))
const before = memory()
const writer = typed(Y, edits)
const written = memory()
const reader = received(updates)
const both = memory()
check(writer.getText('text').toString())
check(reader.getText('text').toString())
report({ value: written - before, byCpu: null, 'MB at a reader': both - written })
