package io.outfeed.s3.internal;

import java.util.Arrays;
import java.util.function.Supplier;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

/** An access key whose secret the host supplies at each request. Thread-safe if the supplier is. */
public final class AccessKey implements AwsCredentialsProvider {

    private final String id;
    private final Supplier<char[]> secret;

    public AccessKey(String id, Supplier<char[]> secret) {
        this.id = id;
        this.secret = secret;
    }

    /** The SDK takes the secret as a text only, which stays in memory until it is collected. */
    @Override
    public AwsCredentials resolveCredentials() {
        char[] supplied = secret.get();
        if (supplied == null) {
            throw new IllegalStateException("the supplier of the secret access key gave null");
        }
        char[] copy = supplied.clone();
        try {
            return AwsBasicCredentials.create(id, new String(copy));
        } finally {
            Arrays.fill(copy, '\0');
        }
    }

    /** The id, without the secret. */
    @Override
    public String toString() {
        return "access key " + id;
    }
}
