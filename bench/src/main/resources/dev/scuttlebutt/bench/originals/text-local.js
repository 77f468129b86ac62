'use strict'
const Y = require('yjs')
const { Stopwatch, report, trace, typed } = require('./harness')

async function main () {
  const { edits, check } = trace()
  const watch = new Stopwatch()
  while (watch.running()) {
    await watch.start()
    const doc = typed(Y, edits)
    await watch.stop(edits.length)
    check(doc.getText('text').toString())
  }
  report(watch.rate())
}

main()
