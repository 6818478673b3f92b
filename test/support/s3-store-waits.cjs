'use strict';

/**
 * s3rver 3.7.1 answers a PUT when it has passed the bytes on to its file, not when they are in it: a GET right
 * after it may see none of them, or those of before. S3 answers when what was put can be read
 * (docs.aws.amazon.com/AmazonS3/latest/userguide/Welcome.html#ConsistencyModel), and puts it in place whole.
 */
const { createHash, randomUUID } = require('node:crypto');
const { mkdir, rename, writeFile } = require('node:fs/promises');
const path = require('node:path');
const FilesystemStore = require('s3rver/lib/stores/filesystem');

FilesystemStore.prototype.putObject = async function putObject({ bucket, key, content, metadata }) {
  const file = this.getResourcePath(bucket, key, 'object');
  const body = Buffer.isBuffer(content) ? content : Buffer.concat(await content.toArray());
  const md5 = createHash('md5').update(body).digest('hex');
  await mkdir(path.dirname(file), { recursive: true });
  const written = `${file}.${randomUUID()}`;
  await writeFile(written, body);
  await rename(written, file);
  await this.putMetadata(bucket, key, metadata, md5);
  return { size: body.length, md5 };
};
