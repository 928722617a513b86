/** Logging in: methods, passwords, private keys. */
@NullMarked
package io.outfeed.sftp.internal.login;

import org.jspecify.annotations.NullMarked;
