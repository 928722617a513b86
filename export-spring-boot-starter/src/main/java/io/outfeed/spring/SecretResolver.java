package io.outfeed.spring;

/**
 * Finds the secrets that properties refer to, such as passwords. An application may have a bean of its own, for a
 * vault; the one that it has by default knows three kinds of references:
 *
 * <ul>
 *   <li>{@code file:/run/secrets/smtp}: the content of a file, in UTF-8, without a line break at its end;
 *   <li>{@code env:SMTP_PASSWORD}: an environment variable;
 *   <li>{@code property:vendor.smtp.password}: another property of the application.
 * </ul>
 *
 * <p>Called by any thread, at each login, so that a secret can be changed while the application runs.
 */
@FunctionalInterface
public interface SecretResolver {

    /**
     * Finds a secret.
     *
     * @param reference what a property says, such as {@code file:/run/secrets/smtp}; never the secret
     * @return the secret
     * @throws Exception if it is not found; the message must not have a secret
     */
    String secret(String reference) throws Exception;

    /**
     * Tells when the application starts whether a reference can be one. Default: yes.
     *
     * @param reference what a property says
     * @return whether {@link #secret} may be asked for it
     */
    default boolean accepts(String reference) {
        return true;
    }
}
