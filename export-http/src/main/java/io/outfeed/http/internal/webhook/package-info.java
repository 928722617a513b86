/**
 * Requests of a webhook: their bodies, their signature, and what became of them.
 */
@NullMarked
package io.outfeed.http.internal.webhook;

import org.jspecify.annotations.NullMarked;
