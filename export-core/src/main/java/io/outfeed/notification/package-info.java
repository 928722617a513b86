/**
 * SPI: what notifiers are given about incidents.
 */
@NullMarked
package io.outfeed.notification;

import org.jspecify.annotations.NullMarked;
