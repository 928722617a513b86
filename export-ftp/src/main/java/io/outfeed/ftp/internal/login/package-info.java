/** Passwords, and what becomes of a login. */
@NullMarked
package io.outfeed.ftp.internal.login;

import org.jspecify.annotations.NullMarked;
