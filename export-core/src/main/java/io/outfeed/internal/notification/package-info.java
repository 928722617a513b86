/**
 * Gives notifiers what they have to be told about incidents.
 */
@NullMarked
package io.outfeed.internal.notification;

import org.jspecify.annotations.NullMarked;
