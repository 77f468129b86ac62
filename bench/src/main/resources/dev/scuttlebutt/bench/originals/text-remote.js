'use strict'
const Y = require('yjs')
const { Stopwatch, report, trace, typed } = require('./harness')

async function main () {
  const { edits, check } = trace()
  const updates = []
  typed(Y, edits, update => updates.push(update))
  const watch = new Stopwatch()
  while (watch.running()) {
    const doc = new Y.Doc()
    await watch.start()
    for (const update of updates) Y.applyUpdate(doc, update)
    await watch.stop(edits.length)
    check(doc.getText('text').toString())
  }
  const bytes = updates.reduce((sum, update) => sum + update.length, 0)
  report(watch.rate({ 'MB on the wire': bytes / 1e6, 'bytes an edit': bytes / edits.length }))
}

main()
