/** Tests of an application's exports: a sandbox in place of the engine's threads, clock, store and destinations. */
@NullMarked
package io.outfeed.spring.test;

import org.jspecify.annotations.NullMarked;
