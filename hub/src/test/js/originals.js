'use strict'
// The originals for a page: bundled when the test runs.
const Model = require('scuttlebutt/model')
const Events = require('scuttlebutt/events')
const { Doc } = require('crdt')
const REdit = require('r-edit')

globalThis.originals = {
  Model,
  Events,
  Doc,
  REdit,
  /** Links a replica with a document of the hub that the page came from; returns a function that cuts it. */
  link (replica, name) {
    const socket = new WebSocket(`ws://${location.host}/replicate/${name}`)
    const stream = replica.createStream()
    const early = []
    stream.on('data', line => socket.readyState === WebSocket.OPEN ? socket.send(line) : early.push(line))
    socket.onopen = () => early.splice(0).forEach(line => socket.send(line))
    socket.onmessage = ({ data }) => stream.write(data)
    socket.onclose = () => stream.destroy()
    return () => socket.close()
  }
}
