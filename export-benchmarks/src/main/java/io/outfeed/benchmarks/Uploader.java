package io.outfeed.benchmarks;

import io.outfeed.delivery.DeliverySession;
import io.outfeed.delivery.OutgoingFile;
import io.outfeed.file.IfExists;
import io.outfeed.file.StagedFile;
import io.outfeed.sftp.SftpDelivery;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A process that delivers. For each line on its standard input, a port, it delivers the file once, over a connection of
 * its own, and prints how long that took in nanoseconds and how many kilobytes the process has had resident at most.
 */
final class Uploader {

    private Uploader() {}

    /**
     * Of the arguments: the user, the private key, the host key's fingerprint, the directory, the file, its SHA-256.
     */
    public static void main(String[] args) throws Exception {
        BufferedReader ports = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        Path content = Path.of(args[4]);
        for (String port = ports.readLine(); port != null; port = ports.readLine()) {
            long start = System.nanoTime();
            deliver(
                    SftpDelivery.builder("benchmark", "127.0.0.1")
                            .port(Integer.parseInt(port))
                            .user(args[0])
                            .privateKey(Path.of(args[1]))
                            .hostKey(args[2])
                            .directory(args[3])
                            .build(),
                    content,
                    args[5]);
            System.out.println((System.nanoTime() - start) + " " + residentKilobytes());
        }
    }

    private static void deliver(SftpDelivery delivery, Path content, String sha256) throws Exception {
        StagedFile staged =
                new StagedFile("benchmark", "", content.getFileName().toString(), 1, Files.size(content), sha256);
        OutgoingFile file = new OutgoingFile("benchmark", 1, 1, staged, content, IfExists.FAIL);
        try (DeliverySession session = delivery.open()) {
            if (session.publish(session.prepare(file), file).isEmpty()) {
                throw new IllegalStateException("another process has published it");
            }
        }
    }

    private static long residentKilobytes() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElse(0);
    }
}
