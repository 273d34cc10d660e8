/** A photo made small enough for a weak signal: at most 1,600 px a side, JPEG, without what the camera wrote into it. */
export async function shrink(photo: File, side = 1600): Promise<File> {
  if (!(photo.type.startsWith('image/') || isHEIC(photo)) || typeof createImageBitmap !== 'function') return photo
  try {
    const picture = await createImageBitmap(photo)
    const scale = Math.min(1, side / Math.max(picture.width, picture.height))
    const canvas = document.createElement('canvas')
    canvas.width = Math.round(picture.width * scale)
    canvas.height = Math.round(picture.height * scale)
    canvas.getContext('2d')!.drawImage(picture, 0, 0, canvas.width, canvas.height)
    const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/jpeg', 0.82))
    return blob ? new File([blob], photo.name.replace(/\.\w+$/, '') + '.jpg', { type: 'image/jpeg' }) : photo
  } catch {
    return photo
  }
}

/** A photo as iPhones take it, which few programs open. Not every browser names its type. */
export const isHEIC = (file: File) => /^image\/hei[cf]/.test(file.type) || /\.(heic|heif)$/i.test(file.name)

const large = 8 << 20 // bytes

/** What the server can open: HEIC as JPEG where this browser opens it, large photos smaller; everything else as it is. */
export async function readable(file: File): Promise<File> {
  const photo = /^image\/(jpeg|webp)$/.test(file.type)
  return isHEIC(file) || (photo && file.size > large) ? shrink(file, 4096) : file
}
