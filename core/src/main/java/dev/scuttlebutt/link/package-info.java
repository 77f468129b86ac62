/** Links for programs that have streams and threads of their own. */
@NullMarked
package dev.scuttlebutt.link;

import org.jspecify.annotations.NullMarked;
