/** Signatures and the keys behind them. */
@NullMarked
package dev.scuttlebutt.security;

import org.jspecify.annotations.NullMarked;
