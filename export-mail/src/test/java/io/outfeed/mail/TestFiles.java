package io.outfeed.mail;

import io.outfeed.delivery.OutgoingFile;
import io.outfeed.file.IfExists;
import io.outfeed.file.StagedFile;
import jakarta.mail.BodyPart;
import jakarta.mail.Message;
import jakarta.mail.internet.MimeMultipart;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;

/** Staged files for tests, and what is found of them in messages. */
final class TestFiles {

    /** What a careless encoding changes. */
    static final byte[] AWKWARD = "a;b\r\n\"lone\rCR\";\"LF\nhere\"\r\n.\r\n..dots\r\nFrom \ud83d\ude80;ü\r\nno end"
            .getBytes(StandardCharsets.UTF_8);

    private TestFiles() {}

    static OutgoingFile awkward(Path directory) throws Exception {
        return outgoing(directory, "interactions-12.csv", AWKWARD);
    }

    static OutgoingFile outgoing(Path directory, String name, byte[] bytes) throws Exception {
        Path content = directory.resolve("content");
        Files.write(content, bytes);
        String sha256 =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        return new OutgoingFile(
                "lakeside",
                41,
                97,
                new StagedFile("interactions", "", name, 3, bytes.length, sha256),
                content,
                IfExists.FAIL);
    }

    static BodyPart attachment(Message message) throws Exception {
        return part(message, 1);
    }

    static BodyPart part(Message message, int number) throws Exception {
        return ((MimeMultipart) message.getContent()).getBodyPart(number);
    }

    static String text(Message message) throws Exception {
        return (String) part(message, 0).getContent();
    }

    static byte[] bytes(BodyPart part) throws Exception {
        return part.getInputStream().readAllBytes();
    }

    static String header(Message message, String name) throws Exception {
        String[] values = message.getHeader(name);
        if (values == null || values.length != 1) {
            throw new IOException(name + " is there " + (values == null ? 0 : values.length) + " times");
        }
        return values[0];
    }
}
