'use strict'
const Model = require('scuttlebutt/model')
const { measureMemory } = require('./harness')

measureMemory(items => {
  const model = new Model('bench')
  for (let i = 0; i < items; i++) model.set('key' + i, i)
  return model
}, model => model.history().length)
