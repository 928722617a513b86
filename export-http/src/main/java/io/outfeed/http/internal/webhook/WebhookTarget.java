package io.outfeed.http.internal.webhook;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** The address of a webhook, of which messages name the server only: the rest is often a secret. Immutable. */
public final class WebhookTarget {

    private static final Pattern LOOPBACK = Pattern.compile("localhost|127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}|\\[::1]");

    private final URI uri;

    public WebhookTarget(URI uri) {
        this.uri = uri;
    }

    URI uri() {
        return uri;
    }

    /** What is wrong with the address; repeats no part of it. */
    public List<String> problems() {
        List<String> problems = new ArrayList<>();
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        boolean plain = scheme.equals("http");
        if (uri.getHost() == null) {
            problems.add("the address has no host");
        } else if (plain && !LOOPBACK.matcher(uri.getHost()).matches()) {
            problems.add("the address must be https; http is for localhost, 127.x.x.x and [::1]");
        }
        if (!plain && !scheme.equals("https")) {
            problems.add("the address must be https");
        }
        if (uri.getRawUserInfo() != null) {
            problems.add("the address has a user: sign requests with a secret instead");
        }
        if (uri.getRawFragment() != null) {
            problems.add("the address has a fragment, which is not sent");
        }
        return problems;
    }

    /** The host, with its port if the address has one. */
    @Override
    public String toString() {
        return uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort());
    }
}
