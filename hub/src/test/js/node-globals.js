export const process = { nextTick: (task, ...args) => queueMicrotask(() => task(...args)), env: {}, browser: true }
