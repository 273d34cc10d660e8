/** Where the device stands (WGS 84, which CGCS2000 meets within centimetres), and the area around it. */
import { api, isProblem } from '@shared/api'
import type { Area } from '@shared/contract'

export interface PlaceFound {
  point?: { lng: number; lat: number }
  area?: Area
  /** why it is incomplete */
  fault?: 'denied' | 'unavailable' | 'outside' | 'offline'
}

function position(): Promise<GeolocationPosition> {
  return new Promise((done, failed) => {
    if (!('geolocation' in navigator)) return failed(new Error('unavailable'))
    navigator.geolocation.getCurrentPosition(done, failed, { enableHighAccuracy: true, timeout: 15_000, maximumAge: 30_000 })
  })
}

export async function findPlace(): Promise<PlaceFound> {
  let at: GeolocationPosition
  try {
    at = await position()
  } catch (e) {
    return { fault: (e as GeolocationPositionError).code === 1 ? 'denied' : 'unavailable' }
  }
  const point = { lng: at.coords.longitude, lat: at.coords.latitude }
  try {
    const area = await api.get<Area>('/registry/locate', { ...point, crs: 'CGCS2000' })
    return area.level >= 5 ? { point, area } : { point, fault: 'outside' }
  } catch (e) {
    return { point, fault: isProblem(e) && e.status === 404 ? 'outside' : 'offline' }
  }
}
