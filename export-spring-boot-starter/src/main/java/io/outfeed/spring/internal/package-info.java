/** Jobs, destinations and notifiers from the properties of an application. */
@NullMarked
package io.outfeed.spring.internal;

import org.jspecify.annotations.NullMarked;
