package io.outfeed.mail;

import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import java.io.UnsupportedEncodingException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads one address, strictly: the mail library takes {@code a} without a domain, {@code <a@x> SIZE=0}, and reads
 * {@code Doe, John <j@x>} as two.
 */
final class MailAddress {

    private static final int MAX_LOCAL = 64;
    private static final int MAX_DOMAIN = 253;
    private static final String ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";
    private static final Pattern LOCAL = Pattern.compile(ATOM + "(\\." + ATOM + ")*");
    private static final String LABEL = "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
    private static final Pattern DOMAIN = Pattern.compile(LABEL + "(\\." + LABEL + ")*");
    private static final Pattern NOT_IN_NAME = Pattern.compile("[<>\"\\\\]");

    private MailAddress() {}

    /**
     * Reads {@code office@x.example} or {@code The Office <office@x.example>}.
     *
     * @param text one address
     * @param what how problems call it; they never repeat the address
     * @param problems where problems go
     * @return the address, if there was no problem
     */
    static Optional<InternetAddress> parse(String text, String what, List<String> problems) {
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

    /** Two addresses are the same mailbox where case does not count. */
    static String withoutCase(InternetAddress address) {
        return address.getAddress().toLowerCase(Locale.ROOT);
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

    private static Optional<InternetAddress> checkedByLibrary(
            String name, String address, String what, List<String> problems) {
        try {
            InternetAddress checked = new InternetAddress(address, true);
            checked.validate();
            if (!name.isEmpty()) {
                checked.setPersonal(name, "UTF-8");
            }
            return Optional.of(checked);
        } catch (AddressException | UnsupportedEncodingException e) {
            problems.add(what + " is no address that the mail library takes");
            return Optional.empty();
        }
    }
}
