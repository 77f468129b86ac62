'use strict'
const fs = require('fs')
const os = require('os')
const path = require('path')
const Y = require('yjs')
const { isPeer, startPeer, answer, report, cpuNanos, trace, typed } = require('./harness')

function write (file) {
  fs.writeFileSync(file, Y.encodeStateAsUpdate(typed(Y, trace().edits)))
  return true
}

function load (file, check) {
  const start = process.hrtime.bigint()
  const doc = new Y.Doc()
  Y.applyUpdate(doc, fs.readFileSync(file))
  const text = doc.getText('text').toString()
  const seconds = Number(process.hrtime.bigint() - start) / 1e9
  check(text)
  return seconds
}

async function main () {
  const file = path.join(os.tmpdir(), 'text-load-' + process.pid)
  try {
    await startPeer()({ write: file })
    const { check } = trace()
    const cpu = cpuNanos()
    const first = load(file, check)
    const byCpu = (cpuNanos() - cpu) / 1e9
    let again = first
    for (let i = 0; i < 10; i++) again = Math.min(again, load(file, check))
    report({ value: first, byCpu, 'best of ten more': again, 'MB in the file': fs.statSync(file).size / 1e6 })
  } finally {
    fs.unlinkSync(file)
  }
}

if (isPeer) answer({ write })
else main()
