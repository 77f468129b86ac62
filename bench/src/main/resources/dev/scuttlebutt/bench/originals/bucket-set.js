'use strict'
const Model = require('scuttlebutt/model')
const Bucket = require('scuttlebucket')
const { work, Stopwatch, report, keys } = require('./harness')

async function main () {
  const model = new Model()
  new Bucket('bench').add('sub', new Bucket('bench').add('model', model))
  const names = keys(work.keys)
  const watch = new Stopwatch()
  while (watch.running()) {
    await watch.start()
    for (let i = 0; i < work.sets; i++) model.set(names[i % names.length], i)
    await watch.stop(work.sets)
  }
  report(watch.rate({ 'updates held': model.history().length }))
}

main()
