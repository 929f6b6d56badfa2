// A TFTP read client for measuring servers: no file is written, datagrams are taken in batches, so
// that the server and not the client is the limit.
//
//   tftp-client ADDRESS PORT FILE BLKSIZE WINDOWSIZE
//
// prints: bytes=… ms=… MBps=… blksize=… windowsize=… repeats=… sum=…
// The options printed are those the server granted; sum depends on the bytes and their order.
// Ends with 0 when the file came whole, 1 after an ERROR packet or silence, 2 for wrong usage.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>

enum { RRQ = 1, DATA = 3, ACK = 4, ERROR = 5, OACK = 6, BATCH = 64, DATAGRAM = 65600, SILENCES = 20 };

static char buffers[BATCH][DATAGRAM];
static struct iovec vectors[BATCH];
static struct mmsghdr messages[BATCH];
static struct sockaddr_in senders[BATCH];

static int add(char *to, const char *text) {
  strcpy(to, text);
  return (int)strlen(text) + 1;
}

static int request(char *packet, const char *file, const char *blksize, const char *windowsize) {
  int n = 0;
  packet[n++] = 0;
  packet[n++] = RRQ;
  n += add(packet + n, file);
  n += add(packet + n, "octet");
  n += add(packet + n, "blksize");
  n += add(packet + n, blksize);
  n += add(packet + n, "tsize");
  n += add(packet + n, "0");
  if (atoi(windowsize) > 1) {
    n += add(packet + n, "windowsize");
    n += add(packet + n, windowsize);
  }
  return n;
}

static void acknowledge(int s, unsigned block) {
  unsigned char ack[4] = {0, ACK, (block >> 8) & 255, block & 255};
  send(s, ack, sizeof ack, 0);
}

static double milliseconds(struct timespec from, struct timespec to) {
  return (double)(to.tv_sec - from.tv_sec) * 1e3 + (double)(to.tv_nsec - from.tv_nsec) / 1e6;
}

int main(int count, char **args) {
  if (count != 6) {
    fprintf(stderr, "usage: tftp-client ADDRESS PORT FILE BLKSIZE WINDOWSIZE\n");
    return 2;
  }
  int s = socket(AF_INET, SOCK_DGRAM, 0);
  int buffer = 8 << 20;
  struct timeval patience = {0, 300000};
  setsockopt(s, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer);
  setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  struct sockaddr_in server = {.sin_family = AF_INET, .sin_port = htons((unsigned short)atoi(args[2]))};
  inet_aton(args[1], &server.sin_addr);
  char asked[1024];
  if (strlen(args[3]) > 512) return 2;
  int askedBytes = request(asked, args[3], args[4], args[5]);
  for (int i = 0; i < BATCH; i++) {
    vectors[i] = (struct iovec){.iov_base = buffers[i], .iov_len = DATAGRAM};
    messages[i].msg_hdr = (struct msghdr){.msg_iov = &vectors[i], .msg_iovlen = 1, .msg_name = &senders[i]};
  }

  struct timespec begun, ended;
  clock_gettime(CLOCK_MONOTONIC, &begun);
  sendto(s, asked, (size_t)askedBytes, 0, (void *)&server, sizeof server);
  int blksize = 512, windowsize = 1, connected = 0, silences = 0, repeats = 0, unexpected = 0;
  unsigned expected = 1; // counts on past 65535
  unsigned long sum = 0;
  long long bytes = 0;
  for (;;) {
    for (int i = 0; i < BATCH; i++) messages[i].msg_hdr.msg_namelen = sizeof senders[i];
    int got = recvmmsg(s, messages, BATCH, MSG_WAITFORONE, 0);
    if (got < 0) {
      if (++silences > SILENCES) {
        fprintf(stderr, "silence\n");
        return 1;
      }
      repeats++;
      if (connected) acknowledge(s, expected - 1);
      else sendto(s, asked, (size_t)askedBytes, 0, (void *)&server, sizeof server);
      continue;
    }
    for (int i = 0; i < got; i++) {
      int length = (int)messages[i].msg_len;
      unsigned char *packet = (unsigned char *)buffers[i];
      if (length < 4) continue;
      if (!connected) { // the server's port for this transfer
        connect(s, (void *)&senders[i], sizeof senders[i]);
        connected = 1;
      }
      if (packet[1] == ERROR) {
        packet[length < DATAGRAM ? length : DATAGRAM - 1] = 0;
        fprintf(stderr, "error %d: %s\n", packet[3], packet + 4);
        return 1;
      }
      if (packet[1] == OACK) {
        packet[length - 1] = 0;
        for (char *name = (char *)packet + 2; name < (char *)packet + length;) {
          char *value = name + strlen(name) + 1;
          if (value >= (char *)packet + length) break;
          if (!strcasecmp(name, "blksize")) blksize = atoi(value);
          if (!strcasecmp(name, "windowsize")) windowsize = atoi(value);
          name = value + strlen(value) + 1;
        }
        acknowledge(s, 0);
        continue;
      }
      if (packet[1] != DATA) continue;
      unsigned block = (unsigned)packet[2] << 8 | packet[3];
      if (block != (expected & 0xffff)) {
        if (++unexpected % windowsize == 0) { // once a window: what comes next is known
          acknowledge(s, expected - 1);
          repeats++;
        }
        continue;
      }
      silences = 0;
      bytes += length - 4;
      for (int at = 4; at < length; at += 512) sum += packet[at] * (unsigned long)(expected | 1);
      int last = length - 4 < blksize;
      if (last || expected % (unsigned)windowsize == 0) acknowledge(s, expected);
      expected++;
      if (last) {
        clock_gettime(CLOCK_MONOTONIC, &ended);
        double ms = milliseconds(begun, ended);
        printf("bytes=%lld ms=%.1f MBps=%.1f blksize=%d windowsize=%d repeats=%d sum=%lu\n", bytes, ms,
               (double)bytes / 1048576.0 / (ms / 1e3), blksize, windowsize, repeats, sum);
        return 0;
      }
    }
  }
}
