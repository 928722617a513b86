package io.outfeed.mail;

import static java.util.Objects.requireNonNull;

import io.outfeed.mail.internal.message.MailAddress;
import java.util.List;

/**
 * The addresses and the subject, which all builders of mails have.
 *
 * @param <B> the builder
 */
abstract class AddressedBuilder<B extends AddressedBuilder<B>> {

    private final MailOptions options;

    AddressedBuilder(MailOptions options) {
        this.options = options;
    }

    /** This builder. */
    abstract B self();

    /**
     * Sets the sender, which gets bounces too. Required.
     *
     * @param from one address
     * @return this builder
     */
    public B from(String from) {
        options.addresses.from = requireNonNull(from, "from");
        return self();
    }

    /**
     * Adds recipients, as people type them: separated by commas, semicolons or line breaks; blanks, a comma at the end
     * and an address that is there twice do no harm. A name with a comma is in quotes.
     *
     * @param recipients such as {@code "Doe, John" <a@lakeside.example>; b@lakeside.example}
     * @return this builder
     */
    public B to(String recipients) {
        return to(MailAddress.split(recipients));
    }

    /**
     * Adds recipients, one an element: {@code Doe, John <j@lakeside.example>} is one.
     *
     * @param recipients the addresses
     * @return this builder
     */
    public B to(List<String> recipients) {
        options.addresses.to.addAll(List.copyOf(recipients));
        return self();
    }
}
