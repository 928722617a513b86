package io.outfeed.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A person with a browser that has no JavaScript: reads pages, fills in their forms, and follows redirects. */
final class Visitor {

    private static final Pattern HIDDEN =
            Pattern.compile("<input type=\"hidden\" name=\"([^\"]*)\" value=\"([^\"]*)\">");

    private static final Pattern TOKEN = Pattern.compile("outfeed-token=([^;]*)");

    private final School school;
    private final String person;
    private String token = "";

    Visitor(School school, String person) {
        this.school = school;
        this.person = person;
    }

    /** A page as it came. */
    record Seen(int status, Map<String, String> headers, String text) {

        Seen isOk() {
            assertThat(status).as(text).isEqualTo(200);
            return this;
        }
    }

    Seen get(String pathAndQuery) {
        return seen(school.send("GET", person, pathAndQuery, "", headers(Map.of())));
    }

    /** Sends the form of a page as its hidden fields have it, with what the person writes into it. */
    Seen submit(Seen page, String action, String... namesAndValues) {
        Map<String, String> fields = new LinkedHashMap<>();
        int begin = page.text().indexOf("action=\"" + action + "\"");
        assertThat(begin).as("form %s in %s", action, page.text()).isNotNegative();
        String form = page.text().substring(begin, page.text().indexOf("</form>", begin));
        Matcher hidden = HIDDEN.matcher(form);
        while (hidden.find()) {
            fields.put(hidden.group(1), hidden.group(2).replace("&quot;", "\"").replace("&#39;", "'"));
        }
        for (int i = 0; i < namesAndValues.length; i += 2) {
            fields.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return post("/" + action, fields, Map.of("Sec-Fetch-Site", List.of("same-origin")));
    }

    Seen post(String path, Map<String, String> fields, Map<String, List<String>> headers) {
        String body = fields.entrySet().stream()
                .map(field ->
                        URLEncoder.encode(field.getKey(), UTF_8) + "=" + URLEncoder.encode(field.getValue(), UTF_8))
                .collect(Collectors.joining("&"));
        return seen(school.send("POST", person, path, body, headers(headers)));
    }

    /** Follows a redirect to a page of the console. */
    Seen follow(Seen redirect) {
        assertThat(redirect.status()).as(redirect.text()).isEqualTo(303);
        String link = redirect.headers().getOrDefault("Location", "");
        return get(link.startsWith("./") ? link.substring(1) : "/" + link);
    }

    String token() {
        return token;
    }

    private Map<String, List<String>> headers(Map<String, List<String>> more) {
        Map<String, List<String>> headers = new LinkedHashMap<>(more);
        if (!token.isEmpty()) {
            headers.putIfAbsent("Cookie", List.of("other=1; outfeed-token=" + token));
        }
        headers.put("Host", List.of("exports.example"));
        return headers;
    }

    private Seen seen(ConsoleResponse response) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            response.writeTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        assertThat((long) out.size()).isEqualTo(response.length());
        Matcher cookie = TOKEN.matcher(response.headers().getOrDefault("Set-Cookie", ""));
        if (cookie.find()) {
            token = cookie.group(1);
        }
        return new Seen(response.status(), response.headers(), out.toString(UTF_8));
    }
}
