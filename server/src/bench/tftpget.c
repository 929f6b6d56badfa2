/* tftpget - read one file by TFTP and throw it away, as fast as the server sends it.
 *
 * usage: tftpget HOST PORT FILE BLKSIZE WINDOWSIZE
 *
 * Prints "bytes=N ms=N". RFC 1350 with the options of RFC 2348 (blksize) and RFC 7440
 * (windowsize, asked for when above 1). Packets are taken from the socket in batches
 * (recvmmsg), so that the client costs little beside the server. A block that is missing
 * is asked for again by acknowledging the last one in order.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>

enum { BATCH = 64, PACKET = 65600, DATA = 3, ERROR = 5, OACK = 6, PATIENCE = 20 };

static unsigned char packets[BATCH][PACKET];
static int block_size = 512, window = 1;

static void acknowledge(int sock, unsigned block) {
  unsigned char ack[4] = {0, 4, (block >> 8) & 255, block & 255};
  send(sock, ack, sizeof ack, 0);
}

static void take_options(char *at, char *end) {
  while (at < end) {
    char *value = at + strlen(at) + 1;
    if (value >= end) return;
    if (!strcasecmp(at, "blksize")) block_size = atoi(value);
    if (!strcasecmp(at, "windowsize")) window = atoi(value);
    at = value + strlen(value) + 1;
  }
}

static int add(char *request, int at, const char *text) {
  return at + sprintf(request + at, "%s", text) + 1;
}

int main(int argc, char **argv) {
  if (argc != 6) {
    fprintf(stderr, "usage: tftpget HOST PORT FILE BLKSIZE WINDOWSIZE\n");
    return 2;
  }
  int sock = socket(AF_INET, SOCK_DGRAM, 0), buffer = 8 << 20;
  setsockopt(sock, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer);
  struct timeval wait = {0, 300000};
  setsockopt(sock, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
  struct sockaddr_in server = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[2]))};
  inet_aton(argv[1], &server.sin_addr);

  char request[1024] = {0, 1};
  int length = add(request, add(request, 2, argv[3]), "octet");
  length = add(request, add(request, length, "blksize"), argv[4]);
  if (atoi(argv[5]) > 1) length = add(request, add(request, length, "windowsize"), argv[5]);

  struct iovec vectors[BATCH];
  struct mmsghdr messages[BATCH] = {0};
  struct sockaddr_in from[BATCH];
  for (int i = 0; i < BATCH; i++) {
    vectors[i] = (struct iovec){packets[i], PACKET};
    messages[i].msg_hdr.msg_iov = &vectors[i];
    messages[i].msg_hdr.msg_iovlen = 1;
    messages[i].msg_hdr.msg_name = &from[i];
  }

  struct timespec start, end;
  clock_gettime(CLOCK_MONOTONIC, &start);
  sendto(sock, request, length, 0, (void *)&server, sizeof server);
  long long bytes = 0;
  unsigned expected = 1;
  int connected = 0, timeouts = 0, strays = 0;
  for (;;) {
    for (int i = 0; i < BATCH; i++) messages[i].msg_hdr.msg_namelen = sizeof from[i];
    int count = recvmmsg(sock, messages, BATCH, MSG_WAITFORONE, 0);
    if (count < 0) {
      if (++timeouts > PATIENCE) {
        fprintf(stderr, "tftpget: no answer\n");
        return 1;
      }
      if (connected) acknowledge(sock, expected - 1);
      else sendto(sock, request, length, 0, (void *)&server, sizeof server);
      continue;
    }
    for (int i = 0; i < count; i++) {
      unsigned char *packet = packets[i];
      int size = messages[i].msg_len;
      if (!connected) { /* the server's own port is the transfer's identity (RFC 1350, 4) */
        connect(sock, (void *)&from[i], sizeof from[i]);
        connected = 1;
      }
      if (packet[1] == ERROR) {
        fprintf(stderr, "tftpget: %s\n", packet + 4);
        return 1;
      }
      if (packet[1] == OACK) {
        take_options((char *)packet + 2, (char *)packet + size);
        acknowledge(sock, 0);
        continue;
      }
      if (packet[1] != DATA) continue;
      unsigned block = packet[2] << 8 | packet[3];
      if (block != (expected & 0xffff)) {
        if (++strays % window == 0) acknowledge(sock, expected - 1);
        continue;
      }
      timeouts = 0;
      bytes += size - 4;
      int last = size - 4 < block_size;
      if (last || expected % window == 0) acknowledge(sock, expected);
      expected++;
      if (last) {
        clock_gettime(CLOCK_MONOTONIC, &end);
        printf("bytes=%lld ms=%.1f\n", bytes,
               (end.tv_sec - start.tv_sec) * 1e3 + (end.tv_nsec - start.tv_nsec) / 1e6);
        return 0;
      }
    }
  }
}
