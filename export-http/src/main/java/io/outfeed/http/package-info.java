/**
 * Delivery by HTTPS, and notifications by webhook.
 *
 * <p>{@link io.outfeed.http.HttpDelivery} puts files into a folder, or posts them to an address. {@link
 * io.outfeed.http.WebhookNotifier} posts digests of incidents to an address of HTTPS.
 */
@NullMarked
package io.outfeed.http;

import org.jspecify.annotations.NullMarked;
