// Scuttlebutt in a browser: replicated data that can be changed on and off line.
//
//   import { connect } from 'http://127.0.0.1:7080/client/index.js'
//   const notes = connect('http://127.0.0.1:7080').open('model/notes')
//   notes.replica.on('change', () => console.log(notes.replica.toJSON()))
//   notes.replica.set('bread', 2)
//
// Modules as they are, no build step, nothing from elsewhere. They run in Node too.

export { Replica, Emitter, randomId } from './replica.js'
export { Session } from './session.js'
export { Kept } from './kept.js'
export { Model } from './model.js'
export { Events } from './events.js'
export { Doc } from './doc.js'
export { RArray, RString } from './text.js'
export { REdit } from './edit.js'
export { Hub, Link, Presence, connect, types } from './hub.js'
