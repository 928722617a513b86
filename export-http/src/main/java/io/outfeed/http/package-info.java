/**
 * Notifications by webhook.
 *
 * <p>{@link io.outfeed.http.WebhookNotifier} posts digests of incidents to an address of HTTPS.
 */
@NullMarked
package io.outfeed.http;

import org.jspecify.annotations.NullMarked;
