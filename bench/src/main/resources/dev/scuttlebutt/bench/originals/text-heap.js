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

const { edits, check } = trace()
const before = memory()
const writer = typed(Y, edits)
const written = memory()
check(writer.getText('text').toString())
report({ value: written - before, byCpu: null })
