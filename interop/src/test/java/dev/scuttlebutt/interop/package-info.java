/** Java replicas beside the original npm packages, over real sockets. */
@NullMarked
package dev.scuttlebutt.interop;

import org.jspecify.annotations.NullMarked;
