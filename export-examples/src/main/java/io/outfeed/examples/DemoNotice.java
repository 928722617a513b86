package io.outfeed.examples;

import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.util.List;

/** A message that arrived without a file, and the links in it. */
record DemoNotice(String to, String subject, List<String> lines) {

    static DemoNotice of(String mailbox, MimeMessage message) throws MessagingException, IOException {
        return new DemoNotice(
                mailbox,
                message.getSubject(),
                ((String) message.getContent()).lines().map(String::strip).toList());
    }

    List<String> links() {
        return lines.stream().filter(line -> line.startsWith("https://")).toList();
    }
}
