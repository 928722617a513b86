package io.outfeed.http.internal.webhook;

import io.outfeed.notification.Digest;

/** What a request has of a digest, as JSON. */
public enum WebhookBody {
    /** All of it, for programs. */
    DIGEST {
        @Override
        public String of(Digest digest) {
            return DigestJson.of(digest);
        }
    },
    /** A text for people, as Slack and what is compatible with it show it. */
    SLACK_TEXT {
        @Override
        public String of(Digest digest) {
            return SlackText.of(digest);
        }
    };

    public abstract String of(Digest digest);
}
