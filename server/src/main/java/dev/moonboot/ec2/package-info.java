/** What an EC2 instance is given, which boots an image of iPXE and no network firmware. */
@NullMarked
package dev.moonboot.ec2;

import org.jspecify.annotations.NullMarked;
