// Uploads a file with tus-js-client, the reference client of tus: client.cjs URL TOKEN FILE WAY
//
// WAY is whole (one request), chunks (of 500 bytes), resume (breaks off after some chunks, and goes on in a new upload that knows
// only what was stored of the first), or terminate (breaks off and gives up). At the end it prints where the upload was.
const fs = require('fs')
const path = require('path')
const tus = require('tus-js-client')

const [, , endpoint, token, file, way] = process.argv
const chunk = 500

// make makes an upload; done gets null or the error, progress the bytes that the server has.
function make(done, progress) {
  const upload = new tus.Upload(fs.createReadStream(file), {
    endpoint,
    headers: { Authorization: `Bearer ${token}` },
    metadata: { filename: path.basename(file) },
    uploadSize: fs.statSync(file).size,
    chunkSize: way === 'whole' ? Infinity : chunk,
    retryDelays: null,
    storeFingerprintForResuming: true,
    urlStorage: new tus.FileUrlStorage(`${file}.urls`),
    fingerprint: async () => path.basename(file),
    onChunkComplete: (size, accepted) => progress(upload, accepted),
    onError: done,
    onSuccess: () => done(null, upload),
  })
  return upload
}

function end(error, upload) {
  if (error) {
    console.error(String(error))
    process.exit(1)
  }
  console.log(upload.url)
}

// breakOff calls next once when three chunks are there, and starts nothing after them.
function breakOff(next) {
  let broken = false
  return (upload, accepted) => {
    if (broken || accepted < 3 * chunk) return
    broken = true
    upload.abort(way === 'terminate').then(() => next(upload), end)
  }
}

async function resume(first) {
  const upload = make(end, () => {})
  const previous = await upload.findPreviousUploads()
  if (previous.length !== 1 || previous[0].uploadUrl !== first.url) end(new Error('the first upload was not remembered'))
  upload.resumeFromPreviousUpload(previous[0])
  upload.start()
}

const after = { whole: null, chunks: null, resume, terminate: (upload) => end(null, upload) }[way]
make(end, after ? breakOff(after) : () => {}).start()
