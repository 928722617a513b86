package io.outfeed.mail.internal.message;

import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import java.io.UnsupportedEncodingException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A mail address, and the parser for it. It is strict: the mail library takes {@code a} without a domain,
 * {@code <a@x> SIZE=0}, and reads {@code Doe, John <j@x>} as two. Immutable.
 */
public final class MailAddress {

    private static final int MAX_LOCAL = 64;
    private static final int MAX_DOMAIN = 253;

    /** RFC 6531 adds all characters beyond ASCII to those of an atom. Blanks and what can't be seen are none. */
    private static final String ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~\\-[^\\x00-\\x7f\\s\\p{C}\\p{Z}]]+";

    private static final Pattern LOCAL = Pattern.compile(ATOM + "(\\." + ATOM + ")*");
    private static final String LABEL = "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
    private static final Pattern DOMAIN = Pattern.compile(LABEL + "(\\." + LABEL + ")*");
    private static final Pattern NOT_IN_NAME = Pattern.compile("[<>\"\\\\]");

    private final InternetAddress address;

    private MailAddress(InternetAddress address) {
        this.address = address;
    }

    /**
     * Splits a list as people type it: at commas, semicolons and line breaks, but not in a quoted name or between
     * angle brackets. Empty elements, such as after a comma at the end, are left out.
     */
    public static List<String> split(String addresses) {
        List<String> elements = new ArrayList<>();
        StringBuilder element = new StringBuilder();
        boolean quoted = false;
        boolean inBrackets = false;
        for (int i = 0; i < addresses.length(); i++) {
            char c = addresses.charAt(i);
            boolean separator = c == ',' || c == ';' || c == '\n' || c == '\r';
            if (separator && !quoted && !inBrackets) {
                addUnlessBlank(elements, element);
                continue;
            }
            quoted = (c == '"') != quoted;
            inBrackets = !quoted && (c == '<' || (inBrackets && c != '>'));
            element.append(c);
        }
        addUnlessBlank(elements, element);
        return elements;
    }

    private static void addUnlessBlank(List<String> elements, StringBuilder element) {
        if (!element.toString().isBlank()) {
            elements.add(element.toString().strip());
        }
        element.setLength(0);
    }

    /**
     * Parses a list; each element that is no address is a problem. An address that is there twice counts once.
     *
     * @param what how problems call an element, before its number
     */
    public static List<MailAddress> parseAll(List<String> texts, String what, List<String> problems) {
        Map<String, MailAddress> addresses = new LinkedHashMap<>();
        for (int i = 0; i < texts.size(); i++) {
            if (isHalfOfName(texts, i)) {
                problems.add(what + " " + (i + 1) + " is a part of a name that has a comma: put the name in quotes");
            } else {
                parse(texts.get(i), what + " " + (i + 1), problems)
                        .ifPresent(address -> addresses.putIfAbsent(address.mailbox(), address));
            }
        }
        return List.copyOf(addresses.values());
    }

    /** Whether it is the {@code Doe} that {@link #split} leaves of {@code Doe, John <j@x.example>}. */
    private static boolean isHalfOfName(List<String> texts, int i) {
        return texts.get(i).matches("[^@<>\"]*\\p{L}[^@<>\"]*")
                && i + 1 < texts.size()
                && texts.get(i + 1).contains("<");
    }

    /**
     * Parses {@code office@x.example} or {@code The Office <office@x.example>}.
     *
     * @param text one address
     * @param what how problems call it; they never repeat the address
     * @param problems gets what is wrong
     * @return the address, if there was no problem
     */
    public static Optional<MailAddress> parse(String text, String what, List<String> problems) {
        String whole = text.strip();
        if (HeaderText.hasControl(text)) {
            problems.add(what + " contains a control character, such as a line break");
            return Optional.empty();
        }
        String name = "";
        String address = whole;
        if (whole.endsWith(">") && whole.indexOf('<') >= 0) {
            int from = whole.indexOf('<');
            name = unquoted(whole.substring(0, from).strip());
            address = whole.substring(from + 1, whole.length() - 1);
        }
        Optional<String> problem = problem(name, address);
        if (problem.isPresent()) {
            problems.add(what + " " + problem.get());
            return Optional.empty();
        }
        return checkedByLibrary(name, address, what, problems);
    }

    /** The same for two addresses of one mailbox: in lower case and without a name. */
    public String mailbox() {
        return Normalizer.normalize(address.getAddress(), Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
    }

    /** What identifies the mailbox in the ledger, which has no addresses: a hash. */
    public String key() {
        return MessageIds.digest("recipient\n" + mailbox());
    }

    /** Whether every server takes it: without letters beyond ASCII. */
    public boolean isAscii() {
        return StandardCharsets.US_ASCII.newEncoder().canEncode(address.getAddress());
    }

    String domain() {
        return address.getAddress().substring(address.getAddress().lastIndexOf('@') + 1);
    }

    public InternetAddress toInternetAddress() {
        return (InternetAddress) address.clone();
    }

    static InternetAddress[] toInternetAddresses(List<MailAddress> addresses) {
        return addresses.stream().map(MailAddress::toInternetAddress).toArray(InternetAddress[]::new);
    }

    /** The name and the address, as in a header. */
    @Override
    public String toString() {
        return address.toString();
    }

    private static String unquoted(String name) {
        boolean quoted = name.length() >= 2 && name.startsWith("\"") && name.endsWith("\"");
        return quoted ? name.substring(1, name.length() - 1) : name;
    }

    private static Optional<String> problem(String name, String address) {
        if (address.isEmpty()) {
            return Optional.of("is empty");
        }
        if (NOT_IN_NAME.matcher(name).find()) {
            return Optional.of("has a name with one of < > \" \\");
        }
        int at = address.lastIndexOf('@');
        if (at < 0) {
            return Optional.of("has no domain: write it as name@domain");
        }
        String local = address.substring(0, at);
        if (local.length() > MAX_LOCAL || !LOCAL.matcher(local).matches()) {
            return Optional.of("has before the '@' what is no plain mailbox name");
        }
        String domain = address.substring(at + 1);
        if (domain.length() > MAX_DOMAIN || !DOMAIN.matcher(domain).matches()) {
            return Optional.of("has after the '@' what is no domain (write an international one in its xn-- form)");
        }
        return Optional.empty();
    }

    private static Optional<MailAddress> checkedByLibrary(
            String name, String address, String what, List<String> problems) {
        try {
            InternetAddress checked = new InternetAddress(address, true);
            checked.validate();
            if (!name.isEmpty()) {
                checked.setPersonal(name, "UTF-8");
            }
            return Optional.of(new MailAddress(checked));
        } catch (AddressException | UnsupportedEncodingException e) {
            problems.add(what + " is no address that the mail library takes");
            return Optional.empty();
        }
    }
}
